const characters = '0123456789ABCDEFGHJKLMNPQRTUWXY';

/** True for a unified social credit code (18 characters, GB 32100-2015) whose check character agrees. */
export const isCreditCode = (text: string): boolean => {
  const values = [...text].map((character) => characters.indexOf(character));
  if (values.length !== 18 || values.includes(-1)) return false;
  const sum = values.slice(0, -1).reduce((total, value, index) => total + value * (3 ** index % 31), 0);
  return (31 - (sum % 31)) % 31 === values.at(-1);
};
